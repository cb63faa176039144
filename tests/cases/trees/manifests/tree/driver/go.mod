module example.org/shop/driver

require github.com/lib/pq v1.10.9
