use mongodb::Client;
use sqlx::PgPool;
use std::env;

const CACHE: &str = "redis://cache:6379/0";

#[tokio::main]
async fn main() {
    let orders = PgPool::connect(&env::var("DATABASE_URL").unwrap_or("postgres://orders-db/orders".to_string())).await;
    let mongo = Client::with_uri_str("mongodb://mongo:27017").await?;
    let cache = redis::Client::open(CACHE)?;
    let url = format!("http://{}:8080/prices", host);
    let key = env!("STRIPE_SECRET_KEY");
}
