import java.util.List;

class Main {
	public static void main(String[] args) {
		System.out.println(String.join(" ", List.of("hello", "world")));
	}
}
