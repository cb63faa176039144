db_password = "PLANTED_password_905"
