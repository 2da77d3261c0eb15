#!/usr/bin/env bats
load bats-extra

@test "empty" {
  #[[ $BATS_RUN_SKIPPED == "true" ]] || skip
  run bash count_vowels.sh ""
  assert_output 0
}

@test "small" {
  [[ $BATS_RUN_SKIPPED == "true" ]] || skip
  run bash count_vowels.sh banana
  assert_output 3
}

@test "capital" {
  [[ $BATS_RUN_SKIPPED == "true" ]] || skip
  run bash count_vowels.sh AvE
  assert_output 2
}
