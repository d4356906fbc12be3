"""A configuration for each type that puts a model to use."""

from __future__ import annotations

from typing import Final

from tests.unit.azureml.configurations import PASSWORD, WORKSPACE

from mooring.sdk.testing import Case

_PLACE: Final = {"workspace_id": WORKSPACE}
CONDA: Final = "name: train\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n"
ENVIRONMENT: Final = {
    "name": "train",
    "version": "3",
    **_PLACE,
    "image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04",
    "conda_file": CONDA,
}
ENDPOINT: Final = {
    "name": "score-lab",
    **_PLACE,
    "identity": {"type": "SystemAssigned"},
    "keys": {"primary_key": PASSWORD, "secondary_key": f"{PASSWORD}-2"},
}
DEPLOYMENT: Final = {
    "name": "blue",
    "endpoint_id": f"{WORKSPACE}/onlineEndpoints/score-lab",
    "model": "azureml:classifier:1",
    "environment_id": f"{WORKSPACE}/environments/train/versions/3",
    "instance_type": "Standard_DS3_v2",
    "instance_count": 1,
    "code": {"scoring_script": "score.py"},
    "request_settings": {"request_timeout": "PT10S"},
}
TRAFFIC: Final = {"endpoint_id": DEPLOYMENT["endpoint_id"], "traffic": {"blue": 90, "green": 10}}
SERVICE: Final = {
    "name": "aci-lab",
    **_PLACE,
    "cpu": 1,
    "memory_in_gb": 2,
    "driver_program": "score.py",
    "environment_name": "train",
    "environment_version": "3",
    "model_ids": ["classifier:1"],
    "asset": [{"url": "aml://storage/score.py", "mime_type": "application/x-python"}],
    "auth_enabled": True,
    "keys": {"primary_key": PASSWORD},
}

RUN_CONFIGURATION: Final = {
    "name": "train",
    "target": "cpu-cluster",
    "script": "train.py",
    "arguments": ["--rate", "0.1"],
    "environment_name": "train",
    "conda_dependencies": CONDA,
}

DEPLOYMENT_CASES: Final = (
    Case(
        type_name="azureml_run_configuration",
        config=RUN_CONFIGURATION,
        changes=(
            {**RUN_CONFIGURATION, "target": "local", "docker_image": "python:3.11", "node_count": 2},
            {**RUN_CONFIGURATION, "conda_dependencies": None, "user_managed": True},
            {**RUN_CONFIGURATION, "directory": ".", "environment_variables": {"A": "b"}},
        ),
    ),
    Case(
        type_name="azureml_environment",
        config=ENVIRONMENT,
        changes=(
            {**ENVIRONMENT, "description": "For training", "tags": {"a": "b"}},
            {**ENVIRONMENT, "is_archived": True, "auto_rebuild": "OnBaseImageUpdate", "stage": "prod"},
        ),
    ),
    Case(
        type_name="azureml_online_endpoint",
        config=ENDPOINT,
        changes=(
            {**ENDPOINT, "description": "Scores", "tags": {"a": "b"}, "properties": {"x": "y"}},
            {**ENDPOINT, "public_network_access": "Disabled"},
        ),
    ),
    Case(
        type_name="azureml_online_deployment",
        config=DEPLOYMENT,
        changes=(
            {**DEPLOYMENT, "instance_count": 2, "environment_variables": {"LEVEL": "debug"}},
            {**DEPLOYMENT, "scale_settings": {"min_instances": 1, "max_instances": 4}},
            {**DEPLOYMENT, "app_insights_enabled": True, "liveness_probe": {"period": "PT60S"}},
        ),
    ),
    Case(
        type_name="azureml_online_traffic",
        config=TRAFFIC,
        changes=({**TRAFFIC, "mirror_traffic": {"green": 10}}, {**TRAFFIC, "traffic": {"green": 100}}),
    ),
    Case(
        type_name="azureml_container_instance_service",
        config=SERVICE,
        changes=({**SERVICE, "description": "Scores", "tags": {"a": "b"}, "app_insights_enabled": True},),
        imports_exactly=False,
    ),
)
