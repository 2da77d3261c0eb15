package main

import "fmt"

func main() {
	sum := 0
	for round := 0; round < 600; round++ {
		waste := make([]byte, 8<<20)
		for at := 0; at < len(waste); at += 4096 {
			waste[at] = 1
		}
		sum += len(waste)
	}
	if sum > 0 {
		fmt.Println("hello world")
	}
}
