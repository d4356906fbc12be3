teams = {
  vision = {
    members = {
      ana = "aaaaaaaa-0000-0000-0000-000000000001"
      ben = "aaaaaaaa-0000-0000-0000-000000000002"
    }
    max_nodes = 4
  }

  speech = {
    location = "northeurope"
    members = {
      cem = "aaaaaaaa-0000-0000-0000-000000000003"
    }
    time_zone = "GMT Standard Time"
  }
}
