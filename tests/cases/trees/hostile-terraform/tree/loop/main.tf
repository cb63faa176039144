module "self" { source = "./" }
module "up" { source = "../../../../etc" }
resource "aws_s3_bucket" "l" {}
