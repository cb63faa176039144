}}} ][ func ( "redis://cache:6379" ))) @@@ %%%% ]]]
