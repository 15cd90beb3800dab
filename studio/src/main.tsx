import '@fontsource-variable/geist';
import '@fontsource-variable/geist-mono';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shared.css';
import { render } from 'preact';
import { App } from './panels/app';
import { start } from './state/scene-commands';

render(<App />, document.getElementById('app')!);
void start();
