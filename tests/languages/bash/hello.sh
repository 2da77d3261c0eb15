words=(hello world)
echo "${words[@]}"
