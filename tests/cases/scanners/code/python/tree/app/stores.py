import sqlite3

import boto3
import psycopg
import redis
from elasticsearch import Elasticsearch
from kafka import KafkaProducer
from pymongo import MongoClient

HOST = "warehouse.example.com"
PORT = "5439"


def orders(host="unused"):
    return psycopg.connect(host="orders-db", port=5432, dbname="orders", user="shop")


def warehouse(user):
    return f"postgresql://{user}@{HOST}:{PORT}/dwh"


def reports():
    return psycopg.connect("host=reports-db port=5433 dbname=reports")


cache = redis.Redis("cache", 6379)
cache.get("not-a-host")
documents = MongoClient("mongodb://mongo:27017/catalogue")
index = Elasticsearch(["http://search:9200"])
events = KafkaProducer(bootstrap_servers=["kafka-1:9092", "kafka-2:9092"])
local = sqlite3.connect("var/jobs.db")
local.execute("SELECT 1")
boto3.client("s3").put_object(Bucket="invoices-of-the-shop", Key="a")
boto3.resource("dynamodb").Table(TableName="carts")
