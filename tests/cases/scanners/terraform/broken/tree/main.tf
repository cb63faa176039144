resource "a" "b" {
  x = 
  y = "unclosed
}
