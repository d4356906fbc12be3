"""What is known to exist: the model, its Terraform v4 form, the journal, locks and where it is kept."""
