plugins {
    id("org.springframework.boot") version "3.3.4"
    id("io.quarkus") apply false
}
dependencies {
    implementation("org.springframework.boot:spring-boot-starter-web")
    runtimeOnly("org.postgresql:postgresql:42.7.4")
    testImplementation("io.javalin:javalin:6.3.0")
}
