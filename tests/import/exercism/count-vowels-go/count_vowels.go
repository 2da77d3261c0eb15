package vowels

func CountVowels(text string) int {
	panic("Please implement CountVowels")
}
