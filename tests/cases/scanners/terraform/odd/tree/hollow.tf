resource {}
resource "a" {}
module {}
variable {}
output {}
locals {}
resource "aws_s3_bucket" "x" { bucket = "%{ if true }a%{ endif }" }
x = ""
