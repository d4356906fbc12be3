"""States as blobs of an Azure storage account. This package alone imports Azure's libraries."""
