"""A program for the Python that has tftest: drives a folder from init to destroy, prints what it saw as JSON.

python tftest_program.py MOOR FOLDER
"""
# ruff: noqa: T201 - its output is its result

import json
import sys
from pathlib import Path

import tftest


def main() -> None:
    program, folder = sys.argv[1:]
    tf = tftest.TerraformTest(Path(folder).name, str(Path(folder).parent), binary=program)
    tf.setup(cleanup_on_exit=False)
    text, plan = tf.plan(), tf.plan(output=True)
    applied = tf.apply()
    outputs = tf.output()
    state = tf.state_pull()
    seen = {
        "says": [line for line in text.splitlines() if line.startswith("Plan: ")],
        "planned": sorted(plan.resource_changes),
        "root": sorted(plan.resources),
        "modules": sorted(plan.modules),
        "variables": dict(plan.variables),
        "applied": [line for line in applied.splitlines() if line.startswith("Apply complete!")],
        "outputs": dict(outputs),
        "sensitive": list(outputs.sensitive),
        "recorded": sorted(name.removeprefix("None.") for name in state.resources),  # the root module's
        "destroyed": [line for line in tf.destroy().splitlines() if line.startswith("Destroy complete!")],
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
