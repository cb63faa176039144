module "intake" {
  source = "../../modules/intake"
  stage  = "dev"
}
