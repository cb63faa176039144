environment = "prod"
postgres_version = "16.3"
