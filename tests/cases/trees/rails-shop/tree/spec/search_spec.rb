SEARCH = "http://not-there.internal.example.com:9200"
