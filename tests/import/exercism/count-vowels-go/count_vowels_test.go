package vowels

import "testing"

func TestCountVowels(t *testing.T) {
	for _, tc := range cases {
		t.Run(tc.text, func(t *testing.T) {
			if got := CountVowels(tc.text); got != tc.want {
				t.Errorf("CountVowels(%q) = %d, want %d", tc.text, got, tc.want)
			}
		})
	}
}

func TestLong(t *testing.T) {
	t.Skip("for later")
	if CountVowels("aaaaaaaaaa") != 10 {
		t.Error("ten expected")
	}
}
