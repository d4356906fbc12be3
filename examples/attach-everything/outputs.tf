output "attached" {
  description = "The ARM ids of the attachments."
  value = {
    virtual_machine     = azureml_attached_virtual_machine.machine.id
    hdinsight           = azureml_attached_hdinsight.spark.id
    databricks          = azureml_attached_databricks.databricks.id
    synapse_spark       = azureml_attached_synapse_spark.synapse.id
    kubernetes          = azureml_attached_kubernetes.training.id
    inference_cluster   = azureml_inference_cluster.inference.id
    batch               = azureml_attached_batch.batch.id
    data_lake_analytics = azureml_attached_data_lake_analytics.analytics.id
    data_factory        = azureml_attached_data_factory.factory.id
  }
}
