locals {
  a = local.b
  b = local.a
}
module "a" {
  source = "./a"
  x      = module.b.y
}
module "b" {
  source = "./b"
  x      = module.a.y
}
resource "aws_sqs_queue" "ok" { name = "${local.a}ok" }
