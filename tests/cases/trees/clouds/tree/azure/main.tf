resource "azurerm_resource_group" "main" {
  name     = "loom"
  location = "West Europe"
}
resource "azurerm_postgresql_flexible_server" "main" {
  name                = "loom-pg"
  version             = "16"
  resource_group_name = azurerm_resource_group.main.name
}
resource "azurerm_postgresql_flexible_server_database" "orders" {
  name      = "orders"
  server_id = azurerm_postgresql_flexible_server.main.id
}
resource "azurerm_servicebus_namespace" "main" {
  name = "loom-bus"
}
resource "azurerm_servicebus_queue" "orders" {
  name         = "orders"
  namespace_id = azurerm_servicebus_namespace.main.id
}
resource "azurerm_storage_account" "files" {
  name = "loomfiles"
}
resource "azurerm_cosmosdb_account" "catalogue" {
  name = "loom-catalogue"
  kind = "MongoDB"
}
resource "azurerm_redis_cache" "this" {
  name = "loom-cache"
}
resource "azurerm_linux_web_app" "shop" {
  name = "loom-shop"
  app_settings = {
    POSTGRES_HOST       = azurerm_postgresql_flexible_server.main.fqdn
    REDIS_CONNECTION    = azurerm_redis_cache.this.primary_connection_string
    SERVICEBUS          = azurerm_servicebus_namespace.main.default_primary_connection_string
    STRIPE_API_KEY      = "@Microsoft.KeyVault(SecretUri=https://loom.vault.azure.net/secrets/stripe)"
  }
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_linux_function_app" "worker" {
  name                       = "loom-worker"
  storage_account_name       = azurerm_storage_account.files.name
  storage_account_access_key = azurerm_storage_account.files.primary_access_key
  app_settings = {
    ServiceBusConnection = azurerm_servicebus_namespace.main.default_primary_connection_string
    MONGO_URL            = azurerm_cosmosdb_account.catalogue.primary_mongodb_connection_string
  }
}
resource "azurerm_role_assignment" "shop" {
  scope                = azurerm_storage_account.files.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_linux_web_app.shop.identity[0].principal_id
}
