#!/bin/bash
# git.sh - a session by ordinary git, against git's own http-backend behind nginx: a clone
# (git-clone), a push of one commit (git-push); and what a status asks, the session, against the
# refs of the baseline (git-status)
#
# BENCH_SIZE is the number of files in the workspace, 50 by default. Needs nginx and fcgiwrap.
. "$(dirname "$0")/lib.sh"

backend=$(git --exec-path)/git-http-backend
for program in nginx fcgiwrap "$backend"; do
	PATH=$PATH:/usr/sbin command -v "$program" >>found || {
		echo "git.sh: $program is missing: apt-get install nginx-light fcgiwrap git" >&2
		exit 1
	}
done
PATH=$PATH:/usr/sbin
launches=5
pushes=$((rounds * launches + 2))

# --- tali

invite_all 1
serve
token=$(cat tokens)
url=http://127.0.0.1:$port
ask() {
	curl -sf -H "Authorization: Bearer $token" "$@"
}
ask -o begun -d '{}' "$url/api/v1/start"
until ask "$url/api/v1/session" >session && grep -q '"status":"active"' session; do :; done
id=$(sed 's/.*"id":"\([a-z0-9]*\)".*/\1/' session)
ours=http://tali:$token@127.0.0.1:$port/git/$id.git
git clone -q "$ours" work
mkdir work/lib
for i in $(seq "${BENCH_SIZE:-50}"); do seq "$i" $((i + 200)) >"work/lib/file$i.txt"; done
git -C work add -A
git -C work commit -qm Files
git -C work push -q origin main

# --- the baseline: the same history, by git http-backend

git clone -q --bare "$ours" plain.git
git -C plain.git config http.receivepack true
plain_port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
cat >nginx.conf <<END
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/nginx.log;
user root;
worker_processes 2;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path $scratch/bodies;
	fastcgi_temp_path $scratch/answers;
	client_max_body_size 0;
	server {
		listen 127.0.0.1:$plain_port;
		location / {
			fastcgi_pass unix:$scratch/fcgi.sock;
			fastcgi_param SCRIPT_FILENAME $backend;
			fastcgi_param GIT_PROJECT_ROOT $scratch;
			fastcgi_param GIT_HTTP_EXPORT_ALL 1;
			fastcgi_param GIT_PROTOCOL \$http_git_protocol;
			fastcgi_param PATH_INFO \$uri;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param CONTENT_TYPE \$content_type;
			fastcgi_param CONTENT_LENGTH \$content_length;
			fastcgi_param REMOTE_USER ada;
			fastcgi_param REMOTE_ADDR \$remote_addr;
		}
	}
}
END
setsid fcgiwrap -c 4 -s "unix:$scratch/fcgi.sock" 2>fcgiwrap.log &
wrap=$!
nginx -p "$scratch" -c "$scratch/nginx.conf" 2>>nginx.log &
nginx=$!
trap 'kill "$server" "$nginx" -- "-$wrap" 2>>killed || :; wait; rm -rf "$scratch"' EXIT
theirs=http://127.0.0.1:$plain_port/plain.git
refs="$theirs/info/refs?service=git-upload-pack"
until curl -sf -o refs "$refs"; do :; done

# --- what is timed

cat >clone <<'END'
#!/bin/sh
git clone -q "$1" "$2" && rm -rf "$2"
END
# push FOLDER: its next commit, made before
cat >push <<'END'
#!/bin/sh
read -r next <"$1.next"
echo $((next + 1)) >"$1.next"
exec git -C "$1" push -q origin "$(sed -n "${next}p" "$1.commits"):refs/heads/main"
END
cat >look <<'END'
#!/bin/sh
exec curl -sf -o looked -H "Authorization: Bearer $2" "$1"
END
chmod +x clone push look

# commits FOLDER URL: a clone with commits to push
commits() {
	git clone -q "$2" "$1"
	for i in $(seq "$pushes"); do
		echo "$i" >>"$1/lib/file1.txt"
		git -C "$1" commit -qam "Change $i"
		git -C "$1" rev-parse HEAD >>"$1.commits"
	done
	echo 1 >"$1.next"
}
commits ours "$ours"
commits theirs "$theirs"

"$launch" git-clone "$rounds" "$launches" ./clone "$ours" cloned -- ./clone "$theirs" cloned
"$launch" git-push "$rounds" "$launches" ./push ours -- ./push theirs
"$launch" git-status "$rounds" 20 ./look "$url/api/v1/session" "$token" -- \
	./look "$refs" "$token"
