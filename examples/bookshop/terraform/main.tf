# The stores of a cluster, in the releases that compose.yaml names.
variable "environment" {
  default = "production"
}

variable "passwords" {
  type      = map(string)
  sensitive = true
}

resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  engine_version = "16.4"
  username       = "bookshop"
  password       = var.passwords["orders"]
}

resource "aws_elasticache_cluster" "cache" {
  cluster_id = "cache"
  engine     = "redis"
}

resource "aws_mq_broker" "broker" {
  broker_name    = "broker"
  engine_type    = "RabbitMQ"
  engine_version = "3.13"
}
