env = "prod"
db_password = "Gx72kslQ0z"
list = ["a", "b"]
