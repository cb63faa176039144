variable "name" {}
variable "image" {}
variable "environment" {
  type    = map(string)
  default = {}
}
variable "policy" { default = "" }
variable "target_group_arn" { default = null }

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "task" {
  role   = aws_iam_role.task.id
  policy = var.policy
}

resource "aws_ecs_task_definition" "this" {
  family        = var.name
  task_role_arn = aws_iam_role.task.arn
  container_definitions = jsonencode([{
    name        = var.name
    image       = var.image
    environment = [for k, v in var.environment : { name = k, value = v }]
  }])
}

resource "aws_ecs_service" "this" {
  name            = var.name
  task_definition = aws_ecs_task_definition.this.arn
  dynamic "load_balancer" {
    for_each = var.target_group_arn == null ? [] : [1]
    content {
      target_group_arn = var.target_group_arn
      container_port   = 8000
    }
  }
}
