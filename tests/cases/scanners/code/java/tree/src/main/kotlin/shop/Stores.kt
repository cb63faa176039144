package shop

import io.lettuce.core.RedisClient
import com.rabbitmq.client.ConnectionFactory

const val URL = "jdbc:mysql://legacy-db:3306/shop"
val search = System.getenv("SEARCH_URL") ?: "http://search:9200"

fun open(host: String) {
    val redis = RedisClient.create("redis://cache:6379/0")
    val other = Pool(host = "pool-db", port = 5432)
}
