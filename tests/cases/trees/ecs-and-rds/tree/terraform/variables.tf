variable "environment" {
  type = string
}
variable "postgres_version" {
  default = "15.4"
}
