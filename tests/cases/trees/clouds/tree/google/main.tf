resource "google_sql_database_instance" "main" {
  name             = "orrery"
  database_version = "POSTGRES_15"
}
resource "google_sql_database" "planets" {
  name     = "planets"
  instance = google_sql_database_instance.main.name
}
resource "google_pubsub_topic" "sightings" {
  name = "sightings"
}
resource "google_pubsub_subscription" "tracker" {
  name  = "tracker"
  topic = google_pubsub_topic.sightings.id
  push_config {
    push_endpoint = google_cloud_run_v2_service.tracker.uri
  }
}
resource "google_storage_bucket" "plates" {
  name     = "orrery-plates"
  location = "EU"
}
resource "google_bigquery_dataset" "history" {
  dataset_id = "history"
}
resource "google_service_account" "tracker" {
  account_id = "tracker"
}
resource "google_storage_bucket_iam_member" "tracker" {
  bucket = google_storage_bucket.plates.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.tracker.email}"
}
resource "google_cloud_run_v2_service" "tracker" {
  name = "tracker"
  template {
    service_account = google_service_account.tracker.email
    containers {
      image = "europe-docker.pkg.dev/orrery/tracker"
      env {
        name  = "INSTANCE_CONNECTION_NAME"
        value = google_sql_database_instance.main.connection_name
      }
      env {
        name  = "DATASET"
        value = google_bigquery_dataset.history.dataset_id
      }
      env {
        name = "API_KEY"
        value_source {
          secret_key_ref {
            secret = google_secret_manager_secret.key.secret_id
          }
        }
      }
    }
  }
}
resource "google_secret_manager_secret" "key" {
  secret_id = "api-key"
}
resource "google_cloudfunctions2_function" "thumbs" {
  name = "thumbs"
  service_config {
    environment_variables = { BUCKET = google_storage_bucket.plates.name }
  }
  event_trigger {
    pubsub_topic = google_pubsub_topic.sightings.id
  }
}
