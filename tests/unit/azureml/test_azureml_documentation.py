"""The reference says what the schemas say."""

from tests.unit.azureml.documentation import README, reference, written

from mooring_azureml import provider


def test_the_reference_is_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")

    assert text == written(text), "run: python -m tests.unit.azureml.documentation"


def test_every_type_is_in_it() -> None:
    schema = provider.schema()
    shown = reference()

    assert [name for name in (*schema.resources, *schema.data_sources) if f"### `{name}`" not in shown] == []
