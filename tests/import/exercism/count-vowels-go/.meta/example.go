package vowels

import "strings"

// CountVowels counts the vowels of a text.
func CountVowels(text string) int {
	count := 0
	for _, letter := range strings.ToLower(text) {
		if strings.ContainsRune("aeiou", letter) {
			count++
		}
	}
	return count
}
