# Tests of the lab. They need no Azure account: the emulator that a test file works with begins empty, is this
# file's own, and is gone at its end.

variables {
  environment = "emulator"
  name_suffix = "tests"
}

run "everything_is_built" {
  assert {
    condition     = endswith(output.workspace_id, "/workspaces/mlw-dp100-labs")
    error_message = "The workspace is ${output.workspace_id}."
  }

  assert {
    condition     = azureml_compute_cluster.cpu.scale_settings.min_node_count == 0
    error_message = "An idle cluster must cost nothing."
  }

  assert {
    condition     = strcontains(output.dsvm_ssh, azureml_attached_virtual_machine.dsvm.address)
    error_message = "Nobody finds the virtual machine with \"${output.dsvm_ssh}\"."
  }
}

run "nothing_is_left_to_do" {
  command = plan

  assert {
    condition     = output.compute_ids == run.everything_is_built.compute_ids
    error_message = "A second plan would replace a compute."
  }
}

run "a_suffix_has_small_letters_only" {
  command = plan

  variables {
    name_suffix = "Not-A-Name"
  }

  expect_failures = [var.name_suffix]
}
