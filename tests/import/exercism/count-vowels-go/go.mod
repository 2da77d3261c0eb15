module vowels

go 1.18
