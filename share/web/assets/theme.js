/* theme.js - light or dark before anything is drawn */
try {
	const { theme } = JSON.parse(localStorage.getItem("tali-settings") ?? "{}");
	if (theme === "light" || theme === "dark")
		document.documentElement.dataset.theme = theme;
} catch { /* as the system */ }
