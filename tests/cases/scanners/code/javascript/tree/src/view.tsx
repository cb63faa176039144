export const View = () => <a href="https://example.com/help">{fetch(`${import.meta.env.VITE_API_URL}/orders`)}</a>;
