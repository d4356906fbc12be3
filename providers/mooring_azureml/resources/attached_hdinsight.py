"""`azureml_attached_hdinsight`: computeType HDInsight. Somebody's HDInsight Spark cluster.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 1: the cluster needs a public address, and is
never created or deleted here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring_azureml.combinations import exactly_one
from mooring_azureml.computes.administrator import SSH_ACCESS, SSH_RULES
from mooring_azureml.computes.attaching import ATTACHED, SECRET_VERSION, attached_id
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.underlying import public_cluster

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_hdinsight",
    noun="attached HDInsight cluster",
    discriminator={"properties.computeType": "HDInsight"},
    attaches="hdinsight_cluster_id",
    description="An existing HDInsight cluster, attached to a workspace. Detaching leaves it as it is.",
    rules=(exactly_one("azureml.id_xor_address", "hdinsight_cluster_id", "address"), *SSH_RULES),
    guards=(public_cluster("hdinsight_cluster_id"), free_to_attach("hdinsight_cluster_id")),
    secret_version=SECRET_VERSION,
    table=(
        *ATTACHED.table,
        attached_id(
            "hdinsight_cluster_id",
            "Microsoft.HDInsight/clusters",
            description="The ARM id of the cluster.",
            required=False,
        ),
        *SSH_ACCESS,
    ),
)
