terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

locals {
  name = "quill-${var.environment}"
  tags = { Project = "quill" }
}

module "db" {
  source  = "terraform-aws-modules/rds/aws"
  version = "~> 6.0"

  identifier        = "${local.name}-letters"
  engine            = "postgres"
  engine_version    = var.postgres_version
  db_name           = "letters"
  username          = "quill"
  password          = "Kx82jslQ0z"
  allocated_storage = 20
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id = "${local.name}-sessions"
  engine               = "redis"
  engine_version       = "7.1"
}

resource "aws_s3_bucket" "scans" {
  bucket = "${local.name}-scans"
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "scans" {
  bucket = aws_s3_bucket.scans.id
}

resource "aws_sqs_queue" "letters" {
  name = "${local.name}-letters"
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 3
  })
}

resource "aws_sqs_queue" "dead" {
  name = "${local.name}-letters-dead"
}

resource "aws_lb" "public" {
  name = local.name
}

resource "aws_lb_target_group" "api" {
  port = 8000
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.public.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

module "api" {
  source           = "./modules/service"
  name             = "api"
  image            = "registry.quill.example/api:latest"
  target_group_arn = aws_lb_target_group.api.arn
  environment = {
    DATABASE_HOST = module.db.db_instance_address
    REDIS_URL     = "redis://${aws_elasticache_replication_group.sessions.primary_endpoint_address}:6379"
    QUEUE_URL     = aws_sqs_queue.letters.url
    SENTRY_DSN    = "https://o1.ingest.sentry.io/2"
    MAPS_URL      = "https://maps.postoffice.eu/v2"
  }
  policy = data.aws_iam_policy_document.api.json
}

module "sorter" {
  source = "./modules/service"
  name   = "sorter-worker"
  image  = "registry.quill.example/sorter:latest"
  environment = {
    QUEUE_URL = aws_sqs_queue.letters.url
  }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
      Resource = aws_sqs_queue.letters.arn
      }, {
      Effect   = "Allow"
      Action   = ["ses:SendEmail"]
      Resource = "*"
    }]
  })
}

data "aws_iam_policy_document" "api" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.scans.arn}/*"]
  }
}
