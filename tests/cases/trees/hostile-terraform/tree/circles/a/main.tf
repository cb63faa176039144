variable "x" {}
output "y" { value = var.x }
module "again" {
  source = "../a"
  x = var.x
}
resource "aws_sqs_queue" "a" { name = var.x }
