variable "x" {}
output "y" { value = var.x }
module "again" {
  source = "../b"
  x = var.x
}
resource "aws_sqs_queue" "b" { name = var.x }
