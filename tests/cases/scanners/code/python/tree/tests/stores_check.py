def test_it():
    assert connect("postgresql://shop:hunter2hunter2@localhost/test", password="only-a-test")
