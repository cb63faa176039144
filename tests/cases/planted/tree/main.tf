resource "aws_db_instance" "books" {
  password = "PLANTED_password_901"
  url      = "postgres://books:PLANTED_password_902@${aws_x.y.host}:5432/books"
}
module "api" {
  source = "./api"
  environment = {
    STRIPE_KEY = "PLANTED_stripe_903"
    TOKEN      = "PLANTED_github_904"
  }
}
