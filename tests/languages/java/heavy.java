class Main {
	public static void main(String[] args) {
		byte[][] kept = new byte[100_000][];
		for (int round = 0; round < 2_000_000; round++) {
			byte[] next = new byte[2048];
			next[round % next.length] = 1;
			kept[(int) (round * 7919L % kept.length)] = next;
		}
		System.out.println(kept.length > 0 ? "hello world" : "");
	}
}
