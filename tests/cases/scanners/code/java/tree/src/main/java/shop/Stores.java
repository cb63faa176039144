package shop;

import com.mongodb.client.MongoClients;
import org.apache.kafka.clients.producer.KafkaProducer;
import redis.clients.jedis.JedisPool;
import com.stripe.Stripe;

public class Stores {
    private static final String URL = "jdbc:postgresql://orders-db:5432/orders";
    @Value("${pricing.url:http://pricing:8080}") private String pricing;

    void open() {
        JedisPool pool = new JedisPool("cache", 6379);
        var mongo = MongoClients.create("mongodb://mongo:27017");
        Properties properties = new Properties();
        properties.put("bootstrap.servers", "kafka:9092");
        Stripe.apiKey = System.getenv("STRIPE_SECRET_KEY");
        log.info("https://docs.example.com/help");
    }
}
