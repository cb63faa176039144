package main

const url = "postgres://test-only.example.com/x"
