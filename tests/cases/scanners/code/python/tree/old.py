print "postgresql://db/orders"
