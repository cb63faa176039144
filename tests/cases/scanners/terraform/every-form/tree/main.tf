variable "env" {
  default = "dev"
}
locals { name = "mill-${var.env}" }
resource "aws_db_instance" "flour" {
  identifier = local.name
  password   = "Hx72kslQ0z"
  tags       = merge(local.tags, { Name = "flour", "with space" : true, (var.key) = 1 })
  count      = var.on ? 1 : 0
  names      = [for s in var.list : upper(s) if s != ""]
  first      = aws_x.y[0].arn
  keyed      = module.m["a"].out
  splat      = aws_x.y[*].arn
  got        = jsondecode(file("x")).a.b
  url        = "postgres://mill:Zk83jslw0Q@${aws_x.y.host}:5432/flour"
  policy     = <<-EOT
    {"a": "${var.env}"}
  EOT
  plain      = <<EOT
one
two
EOT
  nothing = null
  sum     = 1 + (2 * 3)
  nested {
    deep { a = "b" }
  }
  dynamic "extra" {
    for_each = var.list
    content { v = extra.value }
  }
}
