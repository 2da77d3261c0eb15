package vowels

var cases = []struct {
	text string
	want int
}{{"", 0}, {"banana", 3}, {"AvE", 2}}
