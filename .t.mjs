import * as g from './dist/index.js';
const d = await g.wasm({threads:+(process.argv[2]??1)}); g.setDevice(d); console.log(d.description);
const med=(l)=>l.sort((a,b)=>a-b)[l.length>>1];
const orig=d.run.bind(d); const times={}; let prof=false;
d.run=(k,...r)=>{const t=performance.now(); orig(k,...r); if(prof) times[k]=(times[k]??0)+performance.now()-t;};
const ids=(B,T,V)=>({data:Int32Array.from({length:B*T},(_, i)=>(i*7919)%V),shape:[B,T]});
for (const cell of ['simpleRNN','lstm','gru']) {
  const m=g.sequential([g.layers.input({shape:[50],dtype:'int32'}),g.layers.embedding(5404,64),g.layers[cell](128),g.layers.dense(1)]);
  m.compile({optimizer:'adam',loss:g.losses.binaryCrossentropy?'binaryCrossentropy':'meanSquaredError'});
  const x=ids(32,50,5404), y={data:Float32Array.from({length:32},(_, i)=>i&1),shape:[32,1]};
  for(let i=0;i<3;i++) await m.trainOnBatch(x,y);
  const ts=[]; for(const k in times) delete times[k]; prof=true; for(let i=0;i<12;i++){const t=performance.now(); await m.trainOnBatch(x,y); ts.push(performance.now()-t);} prof=false;
  console.log(cell,'median',med(ts).toFixed(1),'min',Math.min(...ts).toFixed(1), Object.entries(times).sort((a,b)=>b[1]-a[1]).slice(0,12).map(([k,v])=>`${k} ${(v/12).toFixed(2)}`).join(', '));
}
