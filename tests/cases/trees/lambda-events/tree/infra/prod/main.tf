module "intake" {
  source = "../../modules/intake"
  stage  = "prod"
}
